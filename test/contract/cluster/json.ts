/** Whatever the API sends, to be looked into freely. */
export type Json = ReturnType<typeof JSON.parse>;
