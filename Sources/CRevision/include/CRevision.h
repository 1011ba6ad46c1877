/// The revision of the sources that the program was built from; empty where whoever built it did not say.
const char *_Nonnull carrierRevision(void);
