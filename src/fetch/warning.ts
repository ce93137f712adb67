/** Where an engine lets something through that the Fetch Standard refuses. */
export interface Warning {
  readonly code: /** Every engine lets `*` in `Access-Control-Allow-Headers` cover `Authorization`; the standard does not. */
    | 'wildcard-does-not-cover-authorization'
    /** This engine sends no preflight where the standard asks for one. */
    | 'standard-requires-preflight'
    /** This engine drops an empty duplicate line that the standard combines into the value. */
    | 'empty-duplicate-line'
  /** The header concerned. */
  readonly header?: string
  readonly value?: string
  /** The section of the standard that is stricter. */
  readonly section: string
}

/** Adds a warning, once for each code and header. */
export function warn(warnings: Warning[], warning: Warning): void {
  for (const { code, header } of warnings) if (code === warning.code && header === warning.header) return
  warnings.push(warning)
}
