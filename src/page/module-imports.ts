/** What a module imports, as far as that shows in its text. */

/** Comments, strings and templates; a comment that is not closed goes to the end, and is not looked at twice. */
const LITERALS =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g

/** A string that may be the place of a module, and does not hold another string. */
const SPECIFIER = /^['"][^'"\\`]*['"]$/

/** `import 'a'`, `import a, { b } from 'a'`, `export * from 'a'`; none has another keyword in it, except as a name, so that each is looked at once. */
const STATEMENTS =
  /(?<![\w$.])(?:import|export)\b(?:\s*|(?:(?!\b(?:import|export)\b(?!\s*(?:as\b|[,}])))[\w$\s*{},])+?\bfrom\s*)(["'])(?<specifier>[^\n]*?)\1/g

/**
 * The URLs of a module's static imports, each once. Names that are not URLs are left out, because there is no import map.
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-url-like-module-specifier
 */
export function importsOf(source: string, base: URL): readonly URL[] {
  const text = source.replace(LITERALS, (literal) => (SPECIFIER.test(literal) ? literal : ' '))
  const urls = new Map<string, URL>()
  for (const { groups } of text.matchAll(STATEMENTS)) {
    const url = urlLike(groups?.specifier ?? '', base)
    if (url !== null) urls.set(url.href, url)
  }
  return [...urls.values()]
}

function urlLike(specifier: string, base: URL): URL | null {
  // 1. If specifier starts with "/", "./", or "../", then: let url be the result of URL parsing specifier with baseURL.
  if (/^(?:\/|\.\/|\.\.\/)/.test(specifier))
    return URL.canParse(specifier, base.href) ? new URL(specifier, base) : null
  // 2. Let url be the result of URL parsing specifier (with no base URL).
  return URL.canParse(specifier) ? new URL(specifier) : null
}
