/** ASP.NET Core. */
import { double, type ServerRemedies, text } from './remedy.js'

const list = (items: readonly string[]): string => items.map(double).join(', ')

export const aspnet: ServerRemedies = {
  titles: {
    policy: 'Allow this request with AddCors and UseCors',
    auth: 'Call UseCors() before UseAuthentication() and UseAuthorization()',
    route: 'Call UseCors() after UseRouting(): it answers OPTIONS itself',
    errors: 'Call UseCors() before the exception handler’s own answers are written, right after UseRouting()',
    redirect: 'Call UseCors() before UseHttpsRedirection(), or have the page ask https at once',
    duplicate: 'Let only UseCors() add the headers: remove them from web.config and from the proxy',
  },
  snippet: ({ origin, methods, headers, credentials }) =>
    text(
      'builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy',
      origin === '*' ? '    .AllowAnyOrigin()' : `    .WithOrigins(${double(origin)})`,
      methods.length > 0 && `    .WithMethods(${list(methods)})`,
      headers.length > 0 && `    .WithHeaders(${list(headers)})`,
      credentials && '    .AllowCredentials()',
      '));',
      '',
      'app.UseRouting();',
      'app.UseCors();',
      'app.UseAuthentication();',
      'app.UseAuthorization();',
    ),
}
