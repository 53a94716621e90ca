#include "libdiag/analyze/survey_clock.h"
#include "libdiag/base/text.h"
#include "libdiag/json/dump.h"
#include "tools/ngxdiag/logs_output.h"

namespace ngxdiag::tools {
namespace {

using json::Node;

Node time_node(const std::optional<base::CivilTime>& time) {
  return time ? Node(base::format_civil(*time, 'T')) : Node();
}

void put_counts(Node& out, const analyze::SurveyBucket& bucket) {
  Node& levels = out.set("levels", Node::object());
  for (size_t i = 1; i < analyze::kLevels; ++i)
    if (bucket.levels[i] > 0)
      levels.set(parse::level_name(static_cast<parse::Level>(i)), bucket.levels[i]);
  Node& signals = out.set("deaths_by_signal", Node::object());
  for (const auto& [number, count] : bucket.signals) signals.set(std::to_string(number), count);
  Node& causes = out.set("causes", Node::object());
  for (size_t i = 0; i < parse::message_classes().size(); ++i)
    if (bucket.classes[i] > 0) causes.set(parse::message_classes()[i].slug, bucket.classes[i]);
  out.set("reloads", bucket.reloads);
}

std::string_view class_title(std::string_view slug) {
  for (const parse::MessageClass& one : parse::message_classes())
    if (one.slug == slug) return one.title;
  return slug;
}

Node incident_node(const analyze::SurveyIncident& incident) {
  const analyze::LogIncident& window = incident.window;
  Node out = Node::object();
  out.set("from", base::format_civil(window.from, 'T'));
  out.set("until", base::format_civil(window.until, 'T'));
  out.set("before_the_log_began", window.from_start);
  out.set("still_at_the_end", window.to_end);
  out.set("count", window.count);
  Node& parts = out.set("parts", Node::array());
  for (const auto& part : window.parts) {
    Node& node = parts.push(Node::object());
    node.set("cause", part.name);
    node.set("title", class_title(part.name));
    node.set("count", part.count);
    node.set("usual", part.usual);
  }
  Node& signals = out.set("deaths_by_signal", Node::object());
  for (const auto& [number, count] : incident.signals) signals.set(std::to_string(number), count);
  out.set("reloads", incident.reloads);
  out.set("reload_before", time_node(incident.reload_before));
  out.set("new_messages", Node::strings(incident.new_messages));
  return out;
}

void put_clock(Node& out, const analyze::ClockReading& reading) {
  Node& steps = out.set("steps_back", Node::array());
  for (const auto& [step, summer_time] : reading.steps) {
    Node& node = steps.push(Node::object());
    node.set("from", base::format_civil(step.from, 'T'));
    node.set("to", base::format_civil(step.to, 'T'));
    node.set("end_of_summer_time", summer_time);
  }
  Node& silences = out.set("silences", Node::array());
  for (const analyze::SurveySilence& silence : reading.silences) {
    Node& node = silences.push(Node::object());
    node.set("from", base::format_civil(silence.from, 'T'));
    node.set("until", base::format_civil(silence.until, 'T'));
    node.set("lines_due", silence.due);
    node.set("begin_of_summer_time", silence.summer_time);
  }
  out.set("notes", Node::strings(reading.notes));
}

Node sketch(const std::vector<analyze::SpaceSaving::Item>& items, std::string_view key) {
  Node out = Node::array();
  for (const auto& item : items) {
    Node& node = out.push(Node::object());
    node.set(key, item.key);
    node.set("count", item.count);
    node.set("count_error", item.error);
  }
  return out;
}

}  // namespace

Node survey_json(const analyze::Survey& survey, const Incidents& incidents, bool interrupted) {
  Node out = Node::object();
  out.set("schema", "ngxdiag.logs/1");
  out.set("complete", !interrupted);
  out.set("documents", Node::strings(survey.documents));
  Node& lines = out.set("lines", Node::object());
  lines.set("total", survey.lines);
  lines.set("identified", survey.identified);
  lines.set("ambiguous", survey.ambiguous);
  lines.set("unknown", survey.unknown);
  lines.set("continuation", survey.continuation);
  lines.set("outside_window", survey.outside);
  lines.set("suspect", survey.suspect);
  out.set("skipped_bytes", survey.skipped_bytes);
  out.set("first", time_node(survey.first));
  out.set("last", time_node(survey.last));
  out.set("clock_went_back", survey.clock_back);
  put_clock(out.set("clock", Node::object()), analyze::survey_clock(survey));
  put_counts(out.set("totals", Node::object()), survey.total);
  Node& timeline = out.set("timeline", Node::object());
  timeline.set("bucket_seconds", survey.bucket_seconds);
  Node& buckets = timeline.set("buckets", Node::array());
  for (const auto& [start, bucket] : survey.buckets) {
    Node& node = buckets.push(Node::object());
    node.set("time", base::format_civil(start, 'T'));
    put_counts(node, bucket);
  }
  Node& bursts = out.set("bursts", Node::array());
  for (const analyze::SurveyBurst& burst : survey.bursts) {
    Node& node = bursts.push(Node::object());
    node.set("what", burst.what);
    node.set("from", base::format_civil(burst.from, 'T'));
    node.set("until", base::format_civil(burst.until, 'T'));
    node.set("count", burst.count);
  }
  Node& windows = out.set("incidents", Node::array());
  for (const analyze::SurveyIncident& incident : incidents) windows.push(incident_node(incident));
  Node& messages = out.set("messages", Node::array());
  for (const analyze::SurveyMessage& message : survey.messages) {
    Node& node = messages.push(Node::object());
    node.set("id", message.id);
    node.set("count", message.count);
    node.set("level", parse::level_name(message.level));
    node.set("first", time_node(message.first));
    node.set("last", time_node(message.last));
    node.set("example", message.example);
  }
  out.set("unknown_texts", sketch(survey.unknown_texts, "text"));
  out.set("generations", survey.generations);
  Node& workers = out.set("processes", Node::array());
  for (const analyze::SurveyWorker& worker : survey.workers) {
    Node& node = workers.push(Node::object());
    node.set("pid", worker.pid);
    node.set("role", worker.role);
    node.set("generation", worker.generation);
    node.set("lines", worker.lines);
    node.set("started", time_node(worker.started));
    node.set("first", time_node(worker.first));
    node.set("last", time_node(worker.last));
    node.set("ended", time_node(worker.ended));
    node.set("end", worker.end);
  }
  out.set("processes_not_kept", survey.workers_dropped);
  out.set("involved_approximate", survey.involved_approximate);
  out.set("clients", sketch(survey.clients, "client"));
  out.set("upstreams", sketch(survey.upstreams, "upstream"));
  out.set("hosts", sketch(survey.servers, "host"));
  Node& gaps = out.set("not_observed", Node::array());
  for (const model::Gap& gap : survey.gaps) {
    Node& node = gaps.push(Node::object());
    node.set("what", gap.what);
    node.set("why", gap.why);
  }
  return out;
}

std::string event_line(const analyze::SurveyEvent& event) {
  const auto& entries = parse::MessageCatalogue::builtin().entries();
  Node out = Node::object();
  out.set("schema", "ngxdiag.event/1");
  out.set("time", time_node(event.line->time));
  out.set("level", parse::level_name(event.line->level));
  out.set("pid", event.line->pid);
  out.set("tid", event.line->tid);
  out.set("connection", event.line->connection);
  out.set("id", event.ids->size() == 1 ? Node(entries[event.ids->front()].id) : Node());
  Node& ids = out.set("candidates", Node::array());
  for (const uint32_t index : *event.ids) ids.push(entries[index].id);
  out.set("message", event.parts->text);
  out.set("errno", event.parts->error ? Node(*event.parts->error) : Node());
  out.set("phase", event.parts->phase);
  out.set("client", event.parts->client);
  out.set("server", event.parts->server);
  out.set("request", event.parts->request);
  out.set("upstream", event.parts->upstream);
  out.set("host", event.parts->host);
  out.set("path", event.path);
  out.set("line", event.number);
  return json::dump(out, -1) + "\n";
}

}  // namespace ngxdiag::tools
