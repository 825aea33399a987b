#include <whisper.h>
#if defined(__linux__)
#include <malloc.h>
#endif
