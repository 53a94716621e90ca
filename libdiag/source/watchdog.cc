#include "libdiag/source/watchdog.h"
