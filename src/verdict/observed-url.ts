/** The URL of a response whose client does not tell where it came from. Nothing is ever sent there, and it is not shown. */
export const OBSERVED_URL = 'https://observed.invalid/'
