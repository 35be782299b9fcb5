/** This app speaks English only, so its dates and numbers do too: in the reader's own kind of English, if they read any. */
export const LANGUAGE = navigator.languages.find((tag) => /^en\b/i.test(tag)) ?? 'en-GB'
