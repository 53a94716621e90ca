#include "libdiag/parse/life_line.h"

#include <doctest/doctest.h>

using namespace ngxdiag::parse;

TEST_CASE("deaths by signal give child, signal and core") {
  auto life = parse_life("worker process 5452 exited on signal 6");
  CHECK(life.life == Life::kExitedOnSignal);
  CHECK(life.subject == "worker process");
  CHECK(life.child == 5452);
  CHECK(life.number == 6);
  CHECK_FALSE(life.core);
  life = parse_life("unknown process 79190 exited on signal 9");
  CHECK(life.subject == "unknown process");
  life = parse_life("worker process 11458 exited on signal 11 (core dumped)");
  CHECK(life.core);
  CHECK(life.number == 11);
  CHECK(parse_life("privileged agent process 7 exited on signal 11").subject ==
        "privileged agent process");
}

TEST_CASE("what people paste of a death is still one") {
  auto life = parse_life("worker process XXXXX exited on signal 11 (core dumped)");
  CHECK(life.life == Life::kExitedOnSignal);
  CHECK(life.child == 0);
  CHECK(life.core);
  life = parse_life("nginx worker process 10089 exited on signal 8");
  CHECK(life.life == Life::kExitedOnSignal);
  CHECK(life.child == 10089);
  CHECK(parse_life("worker process 52 exited on signal 11,").number == 11);
}

TEST_CASE("exits by code are told from fatal ones") {
  auto life = parse_life("worker process 8789 exited with code 0");
  CHECK(life.life == Life::kExitedWithCode);
  CHECK(life.number == 0);
  life = parse_life("worker process 1067 exited with fatal code 2 and cannot be respawned");
  CHECK(life.life == Life::kExitedFatal);
  CHECK(life.number == 2);
  life = parse_life("cache manager process 21377 exited with fatal code 2 and can not be respawn");
  CHECK(life.life == Life::kExitedFatal);
  CHECK(life.subject == "cache manager process");
  CHECK(life.child == 21377);
}

TEST_CASE("locked zones name zone and holder") {
  auto life = parse_life("shared memory zone \"memstore\" was locked by 13864");
  CHECK(life.life == Life::kZoneLocked);
  CHECK(life.subject == "memstore");
  CHECK(life.child == 13864);
  CHECK(parse_life("shared memory zone \"ngx_http_dyups_module#1\" was locked by 10652").subject ==
        "ngx_http_dyups_module#1");
  // As docker's JSON has it.
  CHECK(parse_life(R"(shared memory zone \"memstore\" was locked by 9)").subject == "memstore");
}

TEST_CASE("signals and reloads") {
  auto life = parse_life("signal 1 (SIGHUP) received from 7, reconfiguring");
  CHECK(life.life == Life::kReconfiguring);
  CHECK(life.child == 7);
  CHECK(life.number == 1);
  life = parse_life("reconfiguring");
  CHECK(life.life == Life::kReconfiguring);
  CHECK(life.number == 0);
  life = parse_life("signal 1 (SIGHUP) received, reconfiguring");
  CHECK(life.life == Life::kReconfiguring);
  life = parse_life("signal 1 (SIGHUP) received from 7, ignoring");
  CHECK(life.life == Life::kSignalReceived);
  life = parse_life("signal 17 (SIGCHLD) received from 6011");
  CHECK(life.life == Life::kSignalReceived);
  CHECK(life.number == 17);
  CHECK(life.child == 6011);
  CHECK(parse_life("signal 29 (SIGIO) received").life == Life::kSignalReceived);
  CHECK(parse_life("signal 15 (SIGTERM) received from 1, exiting").number == 15);
  CHECK(parse_life("signal process started").life == Life::kSignalProcess);
}

TEST_CASE("starts and ends") {
  CHECK(parse_life("start worker processes").life == Life::kStartWorkers);
  auto life = parse_life("start worker process 6017");
  CHECK(life.life == Life::kStartProcess);
  CHECK(life.subject == "worker process");
  CHECK(life.child == 6017);
  CHECK(parse_life("start cache manager process 9").subject == "cache manager process");
  CHECK(parse_life("nginx/1.22.1").life == Life::kStarted);
  CHECK(parse_life("openresty/1.25.3.2").life == Life::kStarted);
  CHECK(parse_life("nginx/1.25.1 (nginx-plus-r30)").life == Life::kStarted);
  CHECK(parse_life("gracefully shutting down").life == Life::kGraceful);
  CHECK(parse_life("exiting").life == Life::kExiting);
  CHECK(parse_life("exit").life == Life::kExit);
  CHECK(parse_life("reopening logs").life == Life::kReopen);
  CHECK(parse_life("changing binary").life == Life::kUpgrade);
  CHECK(parse_life("aborting").life == Life::kAborting);
}

TEST_CASE("troubles of the master") {
  auto life = parse_life(
      "fork() failed while spawning \"worker process\" (11: Resource temporarily unavailable)");
  CHECK(life.life == Life::kForkFailed);
  CHECK(life.subject == "worker process");
  CHECK(life.number == 11);
  life = parse_life("kill(812, 1) failed (3: No such process)");
  CHECK(life.life == Life::kKillFailed);
  CHECK(life.child == 812);
  CHECK(life.number == 1);
  life = parse_life("no more than 1024 processes can be spawned");
  CHECK(life.life == Life::kTooManyProcesses);
  CHECK(life.number == 1024);
  life = parse_life("*2 open socket #3 left in connection 3");
  CHECK(life.life == Life::kOpenSocketLeft);
  CHECK(life.number == 3);
  CHECK(parse_life("open socket #12 left in connection 5").number == 12);
}

TEST_CASE("a life-cycle text inside another message is none") {
  for (const std::string_view message :
       {"open() \"/x worker process 9 exited on signal 11\" failed (2: No such file or directory)",
        "worker process 9 exited on signal 11\" failed (2: No such file or directory)",
        "worker process 9 exited on signal 11 (core dumped), client: 192.0.2.1, server: x",
        "client 192.0.2.1 sent host worker process 9 exited on signal 11",
        "\"worker process 9 exited on signal 11\"",
        "GET /reconfiguring",
        "reconfiguring now",
        "exit 3",
        "shared memory zone \"x\" was locked by 9, client: 192.0.2.1",
        "shared memory zone x was locked by 9",
        "signal 11 (SIGSEGV) received from 3, then some",
        "kill(812, 1) failed (3: No such process), client: x",
        "fork() failed while spawning \"x\" (11: a), host: \"b\"",
        "foo 9 exited on signal 11",
        "worker process exited on signal 11",
        "worker process 9 exited on signal",
        "evil/1.0",
        "nginx/x",
        "my worker; process 9 exited on signal 6",
        ""})
    CHECK(parse_life(message).life == Life::kNone);
}

TEST_CASE("numbers too large are no life-cycle lines") {
  CHECK(parse_life("worker process 99999999999999999999999 exited on signal 11").life ==
        Life::kNone);
  CHECK(parse_life("worker process 9 exited on signal 99999999999").life == Life::kNone);
}
