/** ASP.NET Core. */
import { guide, isMove, wildcardNote } from './in-app.js'
import { double, isAny, type ServerRemedies, text } from './remedy.js'

const list = (items: readonly string[]): string => items.map(double).join(', ')

/** It adds to what is there, but behind a wildcard leaves nothing of it. */
function unlessAny(isHidden: boolean, what: string): string {
  return isHidden ? ` // not if AllowAny${what}() is there` : ''
}

export const aspnet: ServerRemedies = {
  untested: true,
  titles: {
    policy: 'Allow this request with AddCors and UseCors',
    auth: 'Call UseCors() before UseAuthentication() and UseAuthorization(), with its policy as it is',
    route: 'Call UseCors() after UseRouting(), with its policy as it is: it responds to OPTIONS itself',
    errors:
      'Call UseCors() before the exception handler writes its own responses, right after UseRouting(), with its policy as it is',
    redirect:
      'Call UseCors() before UseHttpsRedirection(), with its policy as it is, or have the page ask https at once',
    duplicate:
      'Let only UseCors() add the headers, as it does now: remove them from web.config and from the proxy',
  },
  snippet: (needs) => {
    const { seen, origins, missing, hidden, methods, headers, credentials } = needs
    if (needs.kind === 'duplicate' || isMove(needs)) return ''
    const note = wildcardNote(needs)
    return text(
      ...guide(
        { ...needs, others: 'none', hidden: { methods: false, headers: false } },
        { tool: 'AddCors()', mark: '//', place: 'above authentication' },
      ),
      note !== null && `// ${note}`,
      'builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy',
      missing.origin && (isAny(needs) ? '    .AllowAnyOrigin()' : `    .WithOrigins(${list(origins)})`),
      (!seen || missing.methods.length > 0) &&
        methods.length > 0 &&
        (methods.includes('*')
          ? '    .AllowAnyMethod()'
          : `    .WithMethods(${list(seen ? missing.methods : methods)})${unlessAny(hidden.methods, 'Method')}`),
      (!seen || missing.headers.length > 0) &&
        headers.length > 0 &&
        (headers.includes('*')
          ? '    .AllowAnyHeader()'
          : `    .WithHeaders(${list(seen ? missing.headers : headers)})${unlessAny(hidden.headers, 'Header')}`),
      credentials && missing.credentials && '    .AllowCredentials()',
      '));',
      !seen && '',
      !seen && 'app.UseRouting();',
      !seen && 'app.UseCors();',
      !seen && 'app.UseAuthentication();',
      !seen && 'app.UseAuthorization();',
    )
  },
}
