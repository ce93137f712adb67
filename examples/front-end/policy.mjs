// What the API lets pages do. One file for both: the API configures its CORS from it, the mock responds by it.

export const policy = {
  allow: ['http://localhost:5173'],
  headers: ['authorization'],
  exposes: ['x-total-count'],
}

/** As it was: nobody had thought of the header that the page sets. */
export const forgetful = { ...policy, headers: ['content-type'] }
