#include "libdiag/source/literal_set.h"
