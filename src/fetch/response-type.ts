/**
 * How much of a response a script sees.
 *
 * @see https://fetch.spec.whatwg.org/#concept-response-type
 */
export type ResponseType = 'basic' | 'cors' | 'opaque' | 'opaqueredirect'
