#include "libdiag/render/html_timeline.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "libdiag/base/text.h"
#include "libdiag/base/time.h"
#include "libdiag/render/html_markup.h"

namespace ngxdiag::render {
namespace {

using model::TimelineEvent;

constexpr double kWidth = 1180, kLeft = 150, kRight = 24, kBarLane = 58, kMarkLane = 36, kTop = 8,
                 kAxis = 40, kLeastBar = 2.5, kApart = 8, kRow = 14, kRowsTop = 26;
constexpr int64_t kLasting = 25;
// Bars and marks beyond these are left to the text: a drawing of thousands says no more.
constexpr size_t kMostMarks = 400, kMostTicks = 9;

enum class Lane { kReloads, kDeaths, kKilled, kOom, kRenewals, kOther };

Lane lane_of(const TimelineEvent& event) {
  if (event.kind == "reload" || event.kind == "refused-reload") return Lane::kReloads;
  if (event.kind == "death" || event.kind == "burst" || event.kind == "fatal-exit")
    return Lane::kDeaths;
  if (event.kind == "killed") return Lane::kKilled;
  if (event.kind == "oom") return Lane::kOom;
  if (event.kind.starts_with("acme")) return Lane::kRenewals;
  return Lane::kOther;
}

const char* lane_name(Lane lane) {
  switch (lane) {
    case Lane::kReloads: return "Reloads";
    case Lane::kDeaths: return "Deaths";
    case Lane::kKilled: return "Killed";
    case Lane::kOom: return "OOM killer";
    case Lane::kRenewals: return "Renewals";
    case Lane::kOther: return "Other";
  }
  return "Other";
}

const char* lane_class(Lane lane) {
  switch (lane) {
    case Lane::kReloads: return "reload";
    case Lane::kDeaths: return "death";
    case Lane::kKilled:
    case Lane::kOom: return "killed";
    default: return "other";
  }
}

bool has_bars(Lane lane) { return lane < Lane::kRenewals; }

std::string decimal(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

struct Bar {
  base::CivilTime from = 0, until = 0;
  int64_t count = 0, seconds = 1;
  std::string says;
};

class Drawing {
 public:
  Drawing(const std::vector<TimelineEvent>& timeline, const std::vector<Generation>& workers)
      : workers_(workers) {
    // Of workers without events the moments are where a generation began; the first of many may be
    // days older than the rest and then lies beyond the left edge.
    first_ = timeline.empty() ? workers[workers.size() > 2 ? 1 : 0].began : timeline.front().time;
    last_ = timeline.empty() ? workers.back().began : first_;
    for (const TimelineEvent& event : timeline) {
      first_ = std::min(first_, event.time);
      last_ = std::max({last_, event.time, event.end.value_or(event.time)});
      lanes_[lane_of(event)].push_back(&event);
    }
    // What lasts beyond the last event needs some room to be seen.
    end_ = workers.empty() ? last_ : last_ + std::max<int64_t>((last_ - first_) / kLasting, 1);
    tick_ = tick_seconds(end_ - first_);
  }

  std::string svg() {
    double y = kTop;
    for (const auto& [lane, events] : lanes_) {
      const double height = has_bars(lane) ? kBarLane : kMarkLane;
      if (has_bars(lane))
        bars(lane, events, y, height);
      else
        marks(events, y + height / 2);
      out_ += "<text x=\"0\" y=\"" + decimal(y + (has_bars(lane) ? 20 : 16)) + "\">" +
              lane_name(lane) + "</text>\n";
      if (lane == Lane::kRenewals) note(y + 31, "× failed, ● renewed");
      y += height;
      line(kLeft, y, kWidth - kRight, y);
    }
    if (!workers_.empty()) {
      y = processes(y);
      y = generations(y);
    }
    axis(y);
    const std::string size = decimal(kWidth) + " " + decimal(y + kAxis);
    return "<svg viewBox=\"0 0 " + size +
           "\" role=\"img\" aria-labelledby=\"timeline-title timeline-desc\">\n"
           "<title id=\"timeline-title\">Timeline</title>\n<desc id=\"timeline-desc\">" +
           description() + "</desc>\n" + out_ + "</svg>\n";
  }

 private:
  double x(base::CivilTime time) const {
    const auto span = static_cast<double>(std::max<int64_t>(end_ - first_, 1));
    return kLeft + static_cast<double>(time - first_) / span * (kWidth - kLeft - kRight);
  }

  void line(double x1, double y1, double x2, double y2) {
    out_ += "<line class=\"axis\" x1=\"" + decimal(x1) + "\" y1=\"" + decimal(y1) + "\" x2=\"" +
            decimal(x2) + "\" y2=\"" + decimal(y2) + "\"/>\n";
  }

  void bars(Lane lane, const std::vector<const TimelineEvent*>& events, double y, double height) {
    std::vector<Bar> all;
    for (const TimelineEvent* event : events) {
      if (event->counts.empty()) {
        const base::CivilTime until = event->end.value_or(event->time);
        all.push_back({event->time, until, 1, until - event->time + 1, event->says});
      }
      for (size_t i = 0; i < event->counts.size(); ++i) {
        const base::CivilTime from = event->time + static_cast<int64_t>(i) * event->bin;
        if (event->counts[i] > 0)
          all.push_back(
              {from, std::min(from + event->bin, last_), event->counts[i], event->bin, ""});
      }
    }
    if (all.size() > kMostMarks) all.resize(kMostMarks);
    const Bar& most = *std::max_element(
        all.begin(), all.end(), [](const Bar& a, const Bar& b) { return a.count < b.count; });
    for (const Bar& bar : all) {
      const double tall = std::max(
          3.0, (height - 8) * static_cast<double>(bar.count) / static_cast<double>(most.count));
      const double left = x(bar.from);
      const double wide = std::max(kLeastBar, x(bar.until) - left - 0.8);
      const std::string stamp = base::format_civil(bar.from);
      out_ +=
          std::string("<rect class=\"") + lane_class(lane) + "\" x=\"" + decimal(left) + "\" y=\"" +
          decimal(y + height - tall) + "\" width=\"" + decimal(wide) + "\" height=\"" +
          decimal(tall) + "\"><title>" + stamp + ": " +
          (bar.says.empty() ? base::grouped(bar.count) + " in " + base::format_duration(bar.seconds)
                            : html_text(base::shorten(bar.says, 160))) +
          "</title></rect>\n";
    }
    int64_t total = 0;
    for (const Bar& bar : all) total += bar.count;
    note(y + 37, base::grouped(total));
    if (most.count > 1)
      note(y + 52,
           "at most " + base::grouped(most.count) + " in " + base::format_duration(most.seconds));
  }

  void note(double y, const std::string& text) {
    out_ += "<text class=\"tick\" x=\"0\" y=\"" + decimal(y) + "\">" + text + "</text>\n";
  }

  void marks(const std::vector<const TimelineEvent*>& events, double middle) {
    const size_t count = std::min(events.size(), kMostMarks);
    for (size_t i = 0; i < count; ++i) {
      const TimelineEvent& event = *events[i];
      const double at = x(event.time);
      // Failed and renewed often share a moment.
      const double y = middle + (event.kind == "acme-failed"    ? -kApart
                                 : event.kind == "acme-renewed" ? kApart
                                                                : 0);
      const auto point = [&](double dx, double dy) {
        return decimal(at + dx) + " " + decimal(y + dy);
      };
      if (event.kind == "acme-failed")
        out_ += "<path class=\"failed\" d=\"M" + point(-5, -5) + "L" + point(5, 5) + "M" +
                point(5, -5) + "L" + point(-5, 5) + "\">";
      else if (event.kind == "acme-renewed")
        out_ +=
            "<path class=\"renewed\" d=\"M" + point(-5, 0) + "a5 5 0 1 0 10 0a5 5 0 1 0 -10 0\">";
      else
        out_ += "<path class=\"other\" d=\"M" + point(0, -6) + "L" + point(6, 0) + "L" +
                point(0, 6) + "L" + point(-6, 0) + "Z\">";
      out_ += "<title>" + base::format_civil(event.time) + ": " +
              html_text(base::shorten(event.says, 160)) + "</title></path>\n";
    }
  }

  // Where a time lies on the drawing, at its edge when it is beyond.
  double within(base::CivilTime time) const { return x(std::clamp(time, first_, end_)); }

  static int64_t present(const Generation& one) {
    return one.serving.value_or(0) + one.leaving.value_or(0);
  }

  // Steps: how many of the workers that are still there had started by then.
  double processes(double y) {
    int64_t all = 0, steps = 0;
    for (const Generation& one : workers_) {
      all += present(one);
      steps += present(one) > 0;
    }
    // Where all of them belong to one generation there is no course to show.
    if (steps < 2) return y;
    const double bottom = y + kBarLane, tall = kBarLane - 8;
    std::string path = "M" + decimal(within(workers_.front().began)) + " " + decimal(bottom);
    int64_t sum = 0;
    for (const Generation& one : workers_) {
      path += "H" + decimal(within(one.began));
      sum += present(one);
      path += "V" + decimal(bottom - tall * static_cast<double>(sum) / static_cast<double>(all));
    }
    path += "H" + decimal(kWidth - kRight) + "V" + decimal(bottom) + "Z";
    out_ += "<path class=\"processes\" d=\"" + path +
            "\"><title>workers that are still there, by " + "their start: " + base::grouped(all) +
            "</title></path>\n<text x=\"0\" y=\"" + decimal(y + 20) + "\">Processes</text>\n";
    note(y + 37, base::grouped(all) + " workers remain,");
    note(y + 52, "by their start");
    line(kLeft, bottom, kWidth - kRight, bottom);
    return bottom;
  }

  // A row each: how long it was the present one, and whether it still shuts down.
  double generations(double y) {
    out_ += "<text x=\"0\" y=\"" + decimal(y + 20) +
            "\">Generations</text>\n<rect class=\"reload\" x=\"" + decimal(kLeft) + "\" y=\"" +
            decimal(y + 11) + "\" width=\"10\" height=\"10\"/>\n<text class=\"tick\" x=\"" +
            decimal(kLeft + 16) + "\" y=\"" + decimal(y + 20) +
            "\">while it was the newest</text>\n<rect class=\"leaving\" x=\"" +
            decimal(kLeft + 180) + "\" y=\"" + decimal(y + 11) +
            "\" width=\"10\" height=\"10\"/>\n<text class=\"tick\" x=\"" + decimal(kLeft + 196) +
            "\" y=\"" + decimal(y + 20) + "\">some of its workers are still shutting down</text>\n";
    y += kRowsTop;
    const double edge = kWidth - kRight;
    for (const Generation& one : workers_) {
      const double from = within(one.began);
      const double until = one.replaced ? within(*one.replaced) : edge;
      const std::string says = "from " + base::format_civil(one.began) + ": " + fate(one);
      const bool known = one.serving && one.leaving;
      const auto bar = [&](const char* style, double left, double right) {
        out_ += std::string("<rect class=\"") + style + "\" x=\"" + decimal(left) + "\" y=\"" +
                decimal(y + 2) + "\" width=\"" + decimal(std::max(kLeastBar, right - left)) +
                "\" height=\"" + decimal(kRow - 4) + "\"><title>" + says + "</title></rect>\n";
      };
      // Nothing is known to have served at the end when the process table shows no serving worker.
      if (one.replaced || !known || *one.serving > 0 || *one.leaving == 0)
        bar("reload", from, one.replaced || !known || *one.serving > 0 ? until : from);
      if (one.leaving.value_or(0) > 0) bar("leaving", one.replaced ? until : from, edge);
      out_ += "<text class=\"row\" x=\"0\" y=\"" + decimal(y + kRow - 3) + "\">" + fate(one) +
              (present(one) == 0 && one.crashed.value_or(0) > 0
                   ? ", " + base::plural(*one.crashed, "crash")
                   : "") +
              "</text>\n";
      y += kRow;
    }
    line(kLeft, y + 2, edge, y + 2);
    return y + 2;
  }

  void axis(double y) {
    const bool days = tick_ >= 86400, seconds = tick_ < 60;
    std::string day;
    base::CivilTime at = first_ - ((first_ % tick_) + tick_) % tick_;
    if (at < first_) at += tick_;
    for (; at <= end_; at += tick_) {
      const std::string stamp = base::format_civil(at);
      line(x(at), y, x(at), y + 5);
      const std::string hour = days ? "" : stamp.substr(11, seconds ? 8 : 5);
      const std::string label = days ? stamp.substr(0, 10) : hour;
      out_ += "<text class=\"tick\" text-anchor=\"middle\" x=\"" + decimal(x(at)) + "\" y=\"" +
              decimal(y + 18) + "\">" + label + "</text>\n";
      if (!days && stamp.substr(0, 10) != day) {
        day = stamp.substr(0, 10);
        out_ += "<text class=\"tick\" text-anchor=\"middle\" x=\"" + decimal(x(at)) + "\" y=\"" +
                decimal(y + 34) + "\">" + day + "</text>\n";
      }
    }
  }

  std::string description() const {
    std::string out =
        "From " + base::format_civil(first_) + " to " + base::format_civil(last_) + ".";
    for (const auto& [lane, events] : lanes_) {
      out += std::string(" ") + lane_name(lane) + ": " +
             html_text(base::shorten(events.front()->says, 120));
      if (events.size() > 1) out += " and " + std::to_string(events.size() - 1) + " more";
      out += ".";
    }
    if (!workers_.empty())
      out += " Generations of workers: " + std::to_string(workers_.size()) + ", the newest " +
             fate(workers_.back()) + ".";
    return out;
  }

  const std::vector<Generation>& workers_;
  std::map<Lane, std::vector<const TimelineEvent*>> lanes_;
  base::CivilTime first_ = 0, last_ = 0, end_ = 0;
  int64_t tick_ = 1;
  std::string out_;
};

}  // namespace

int64_t tick_seconds(int64_t span) {
  static constexpr int64_t kSteps[] = {
      1,    2,    5,     10,    15,    30,    60,     120,    300,     600,     900,     1800,
      3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 7776000, 31536000};
  for (const int64_t step : kSteps)
    if (span / step < static_cast<int64_t>(kMostTicks)) return step;
  return span / static_cast<int64_t>(kMostTicks) + 1;
}

std::string html_timeline(const std::vector<TimelineEvent>& timeline,
                          const std::vector<Generation>& workers) {
  if (timeline.empty() && workers.size() < 2) return "";
  if (timeline.size() == 1 && timeline.front().counts.size() < 2 && workers.size() < 2) return "";
  return Drawing(timeline, workers).svg();
}

}  // namespace ngxdiag::render
