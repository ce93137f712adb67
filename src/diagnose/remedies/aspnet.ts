/** ASP.NET Core. */
import { double, isAny, type ServerRemedies, text } from './remedy.js'

const list = (items: readonly string[]): string => items.map(double).join(', ')

export const aspnet: ServerRemedies = {
  titles: {
    policy: 'Allow this request with AddCors and UseCors',
    auth: 'Call UseCors() before UseAuthentication() and UseAuthorization()',
    route: 'Call UseCors() after UseRouting(): it answers OPTIONS itself',
    errors: "Call UseCors() before the exception handler's own answers are written, right after UseRouting()",
    redirect: 'Call UseCors() before UseHttpsRedirection(), or have the page ask https at once',
    duplicate: 'Let only UseCors() add the headers: remove them from web.config and from the proxy',
  },
  snippet: (needs) => {
    const { origins, methods, headers, exposed, credentials, maxAge } = needs
    return text(
      'builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy',
      isAny(needs) ? '    .AllowAnyOrigin()' : `    .WithOrigins(${list(origins)})`,
      methods.length > 0 &&
        (methods.includes('*') ? '    .AllowAnyMethod()' : `    .WithMethods(${list(methods)})`),
      headers.length > 0 &&
        (headers.includes('*') ? '    .AllowAnyHeader()' : `    .WithHeaders(${list(headers)})`),
      exposed.length > 0 && `    .WithExposedHeaders(${list(exposed)})`,
      credentials && '    .AllowCredentials()',
      maxAge !== undefined && `    .SetPreflightMaxAge(TimeSpan.FromSeconds(${maxAge}))`,
      '));',
      '',
      'app.UseRouting();',
      'app.UseCors();',
      'app.UseAuthentication();',
      'app.UseAuthorization();',
    )
  },
}
