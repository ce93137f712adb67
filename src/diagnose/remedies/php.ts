/** PHP without a framework. */
import { linesToSet, listLines, onlyAsker } from './in-front.js'
import { askerOf, isAny, isOrder, type RemedyNeeds, type ServerRemedies, single, text } from './remedy.js'

/** A callback runs when the headers are about to be sent: after whatever else sets them, which it replaces. */
function snippet(needs: RemedyNeeds): string {
  const { kind, seen } = needs
  if (kind === 'duplicate' || (isOrder(needs) && seen)) return ''
  const lines = linesToSet(needs)
  const any = isAny(needs)
  const set = (line: string): string => `        header(${single(line)});`
  return text(
    '// at the top of the front controller',
    isOrder(needs) &&
      '// If header() lines for CORS are there already, move them here as they are; otherwise:',
    `// ${onlyAsker(needs)}`,
    !any && "header('Vary: Origin', false);",
    any
      ? "if (isset($_SERVER['HTTP_ORIGIN'])) {"
      : `if (($_SERVER['HTTP_ORIGIN'] ?? '') === ${single(askerOf(needs))}) {`,
    '    header_register_callback(function () {',
    lines.origin &&
      any &&
      "        if (preg_grep('/^Access-Control-Allow-Origin:/i', headers_list())) return;",
    lines.origin && set(`Access-Control-Allow-Origin: ${askerOf(needs)}`),
    lines.credentials && set('Access-Control-Allow-Credentials: true'),
    ...listLines(lines, (value) => value, '').map(([name, value]) =>
      value === ''
        ? `        header('${name}: ' . ($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_HEADERS'] ?? ''));`
        : set(`${name}: ${value}`),
    ),
    '    });',
    ...(lines.preflight
      ? [
          "    if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS' && isset($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_METHOD'])) {",
          '        http_response_code(204);',
          '        exit;',
          '    }',
        ]
      : []),
    '}',
  )
}

export const php: ServerRemedies = {
  titles: {
    policy: 'Allow this request at the top of the front controller',
    auth: 'Respond to the preflight above the session and login code',
    route: 'Respond to OPTIONS above the router',
    errors: 'Send the headers at the top, above anything that can fail',
    redirect: 'Respond to the preflight above the code that redirects',
    duplicate:
      "Send each of these headers once: remove the second header() line, or the one in the web server's configuration",
  },
  snippet,
}
