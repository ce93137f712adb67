/** PHP without a framework. */
import { isAny, type ServerRemedies, single, singles, text } from './remedy.js'

export const php: ServerRemedies = {
  titles: {
    policy: 'Allow this request at the top of the front controller',
    auth: 'Answer the preflight before the session and login code',
    route: 'Answer OPTIONS before the router',
    errors: 'Send the headers at the top, before anything that can fail',
    redirect: 'Answer the preflight before the code that redirects',
    duplicate: "Let only one layer add the headers: remove them here, or from the web server's configuration",
  },
  snippet: (needs) => {
    const { origins, methods, headers, exposed, credentials, maxAge } = needs
    const any = isAny(needs)
    return text(
      !any && `$allowed = ${singles(origins)};`,
      !any && "$origin = $_SERVER['HTTP_ORIGIN'] ?? '';",
      !any && "header('Vary: Origin', false);",
      any ? "header('Access-Control-Allow-Origin: *');" : 'if (in_array($origin, $allowed, true)) {',
      !any && '    header("Access-Control-Allow-Origin: $origin");',
      credentials && "    header('Access-Control-Allow-Credentials: true');",
      !any && '}',
      methods.length > 0 && `header(${single(`Access-Control-Allow-Methods: ${methods.join(', ')}`)});`,
      headers.length > 0 && `header(${single(`Access-Control-Allow-Headers: ${headers.join(', ')}`)});`,
      exposed.length > 0 && `header(${single(`Access-Control-Expose-Headers: ${exposed.join(', ')}`)});`,
      maxAge !== undefined && `header('Access-Control-Max-Age: ${maxAge}');`,
      "if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS' && isset($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_METHOD'])) {",
      '    http_response_code(204);',
      '    exit;',
      '}',
    )
  },
}
