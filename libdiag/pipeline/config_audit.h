// The checks of a configuration from evidence to report: what `ngxdiag config` is. Nothing of it
// reaches the findings of diagnose(): a question of style is no reason why nginx is sick.
#pragma once

#include <string>
#include <vector>

#include "libdiag/audit/run.h"
#include "libdiag/model/config_report.h"
#include "libdiag/parse/nginx_config.h"
#include "libdiag/pipeline/suppress.h"
#include "libdiag/source/evidence.h"

namespace ngxdiag::pipeline {

// One configuration and what is known of its host.
struct AuditInput {
  parse::Config config;
  audit::Host host;
  bool own_host = false;  // read where nginx itself reads it: an include that is missing is a fault
};

// The configurations in the evidence, one for each nginx; fragments of one become one. `gaps` gets
// what could not be read.
std::vector<AuditInput> audit_inputs(const source::Evidence& evidence,
                                     std::vector<model::Gap>& gaps);

struct AuditOptions {
  audit::Selection selection;
  std::vector<Suppression> suppressions;  // by check
  std::vector<std::string> baseline;      // fingerprints known already
  std::string baseline_name;
  base::CivilTime now = 0;
};

// The whole report but `generated` and `host`. Unknown when there is no configuration.
model::ConfigReport audit_configs(std::vector<AuditInput> inputs,
                                  const std::vector<audit::Check>& checks,
                                  const AuditOptions& options);

// The fingerprints in an earlier report. Throws base::UserError when it is none of schema
// ngxdiag.config/1.
std::vector<std::string> read_config_baseline(std::string_view text, std::string_view where);

// What is wrong with the outcome of an example of `check`; empty when it is as it says. A place in
// a sentence that nothing fills is wrong too.
std::string check_config_example(const audit::Check& check, const audit::CheckExample& example);

}  // namespace ngxdiag::pipeline
