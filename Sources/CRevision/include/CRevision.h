/// The revision of the sources that the program was built from; empty if the build did not set it.
const char *_Nonnull carrierRevision(void);
