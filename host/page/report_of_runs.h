#pragma once

#include <vector>

#include "espalier/host/report/reported_run.h"
#include "page/document.h"

namespace espalier::page {

/// What a report shows of runs. What turns out to be damaged is added to their gaps.
Document report_of_runs(std::vector<host::ReportedRun>& runs);

}  // namespace espalier::page
