/** Servlets: Tomcat's own filter, and Spring's. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  appFaults,
  CREDENTIALS,
  find,
  isDoubled,
  isMove,
  lacking,
  lines,
  ORIGIN,
  OTHER,
  policyOf,
  type TriedServer,
} from '../tried-server.js'

const JARS = '/usr/share/java'
const classPath = (...names: readonly string[]): string =>
  names.map((name) => `${JARS}/${name}.jar`).join(':')

function lacksJava(server: TriedServer['name'], classes: string): string | null {
  const there = [find('java'), find('javac')].every((each) => each !== undefined)
  return lacking(
    server,
    there && classes.split(':').every((file) => existsSync(file)),
    'a JDK, Tomcat or Spring',
  )
}

/** A servlet, and filters that go wrong in the way that is asked for. */
const parts = (servlet: string): string => `
import ${servlet}.*;
import ${servlet}.http.*;
import java.io.IOException;

public class Parts {
  public static class Orders extends HttpServlet {
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
      if (!java.util.List.of("GET", "PUT", "DELETE").contains(request.getMethod())) { response.setStatus(405); return; }
      if (!request.getRequestURI().equals("/orders")) { response.setStatus(404); return; }
      response.setHeader("X-Total", "1");
      response.setContentType("application/json");
      response.getWriter().print("{}");
    }
  }
  abstract static class Part implements Filter {
    public void init(FilterConfig config) {}
    public void destroy() {}
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
      filter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }
    abstract void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException;
  }
  public static class Auth extends Part {
    void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
      if (${JSON.stringify(CREDENTIALS)}.equals(request.getHeader("Authorization"))) chain.doFilter(request, response);
      else response.setStatus(401);
    }
  }
  public static class Fail extends Part {
    void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
      if (request.getRequestURI().equals("/fail") && request.getMethod().equals("GET")) response.setStatus(500);
      else chain.doFilter(request, response);
    }
  }
  public static class Again extends Part {
    void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
      chain.doFilter(request, response);
      response.addHeader("Access-Control-Allow-Origin", ${JSON.stringify(ORIGIN)});
    }
  }
}
`

const listening = (port: number, folder: string): string => `
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(${JSON.stringify(path.join(folder, 'base'))});
    Connector connector = new Connector();
    connector.setPort(${port});
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", ${JSON.stringify(path.join(folder, 'webapp'))});
`

function compile(folder: string, classes: string, sources: Readonly<Record<string, string>>): void {
  mkdirSync(path.join(folder, 'webapp/WEB-INF/classes'), { recursive: true })
  for (const [name, source] of Object.entries(sources)) writeFileSync(path.join(folder, name), source)
  const files = Object.keys(sources)
  execFileSync(
    find('javac') as string,
    ['-nowarn', '-cp', classes, '-d', 'webapp/WEB-INF/classes', ...files],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
}

const TOMCAT = classPath('tomcat10-embed-core', 'tomcat10-annotations-api')

/** The parameters that the remedy names, added to the values that are there. */
function addedTo(existing: ReadonlyMap<string, string>, snippet: string): Map<string, string> {
  const merged = new Map(existing)
  for (const [, name = '', value = ''] of snippet.matchAll(
    /<param-name>(.*?)<\/param-name><param-value>(.*?)<\/param-value>/g,
  )) {
    const was = merged.get(name)
    // An origin beside `*` is none: the remedy says to name those that are to stay allowed.
    const isReplaced = was === undefined || was === '*' || value === 'true'
    merged.set(
      name,
      isReplaced
        ? was === '*'
          ? `${value},${OTHER}`
          : value
        : [...new Set([...was.split(','), ...value.split(',')])].join(),
    )
  }
  return merged
}

export const tomcat: TriedServer = {
  name: 'tomcat',
  faults: appFaults('redirect'),
  missing: () => lacksJava('tomcat', TOMCAT),
  prepare(start) {
    const { folder, port, fault, fix } = start
    const policy = policyOf(fault)
    const filter = (name: string): string =>
      `<filter><filter-name>${name}</filter-name><filter-class>Parts$${name}</filter-class></filter><filter-mapping><filter-name>${name}</filter-name><url-pattern>/*</url-pattern></filter-mapping>`
    const existing = new Map<string, string>(
      fault === 'wildcard'
        ? [['cors.allowed.origins', '*']]
        : policy === null
          ? []
          : [
              ['cors.allowed.origins', policy.origins.join()],
              ['cors.allowed.methods', [...policy.methods, 'OPTIONS'].join()],
              ['cors.allowed.headers', policy.headers.join()],
              ['cors.exposed.headers', policy.exposed.join()],
              ['cors.support.credentials', String(policy.credentials)],
              ['cors.preflight.maxage', String(policy.maxAge)],
            ],
    )
    const isMisplaced = fault === 'auth' || fault === 'errors'
    const moves = fix !== null && (fix.snippet === '' || isMove(fix) || isMisplaced)
    const parameters = fix === null || moves ? existing : addedTo(existing, fix.snippet)
    const rules =
      existing.size === 0
        ? (fix?.snippet ?? '')
        : lines(
            '<filter><filter-name>Cors</filter-name><filter-class>org.apache.catalina.filters.CorsFilter</filter-class>',
            ...[...parameters].map(
              ([name, value]) =>
                `<init-param><param-name>${name}</param-name><param-value>${value}</param-value></init-param>`,
            ),
            '</filter>',
            '<filter-mapping><filter-name>Cors</filter-name><url-pattern>/*</url-pattern></filter-mapping>',
          )
    const isFirst = !isMisplaced || fix !== null
    compile(folder, TOMCAT, {
      'Parts.java': parts('jakarta.servlet'),
      'Main.java': `
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.*;
public class Main {
  public static void main(String[] args) throws Exception {
    ${listening(port, folder)}
    ContextConfig config = new ContextConfig();
    config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
    context.addLifecycleListener(config);
    Tomcat.addServlet(context, "orders", new Parts.Orders());
    context.addServletMappingDecoded("/", "orders");
    tomcat.start();
    tomcat.getServer().await();
  }
}
`,
    })
    writeFileSync(
      path.join(folder, 'webapp/WEB-INF/web.xml'),
      lines(
        '<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0" metadata-complete="true">',
        isDoubled(start) && filter('Again'),
        isFirst && rules,
        fault === 'auth' && filter('Auth'),
        filter('Fail'),
        !isFirst && rules,
        '</web-app>',
      ),
    )
    return {
      command: find('java') as string,
      args: ['-cp', `${TOMCAT}:${folder}/webapp/WEB-INF/classes`, 'Main'],
    }
  },
}

const SPRING = classPath(
  'commons-logging',
  ...['beans', 'context', 'core', 'web'].map((each) => `spring3-${each}`),
  ...[
    'annotations-api',
    'api',
    'catalina',
    'coyote',
    'el-api',
    'jaspic-api',
    'jni',
    'juli',
    'servlet-api',
    'util-scan',
    'util',
  ].map((each) => `tomcat9-${each}`),
)

/** Spring's CorsFilter as it is, without Spring Boot or Spring Security. */
export const spring: TriedServer = {
  name: 'spring',
  faults: appFaults('redirect'),
  missing: () => lacksJava('spring', SPRING),
  prepare(start) {
    const { folder, port, fault, fix } = start
    const policy = policyOf(fault)
    const java = JSON.stringify
    const list = (items: readonly string[]): string =>
      `List.of(${items.map((item) => java(item)).join(', ')})`
    const isMisplaced = fault === 'auth' || fault === 'errors'
    const pasted = fix === null || isMisplaced ? '' : fix.snippet
    // The lines that are to be added to what is there.
    const additions = [...pasted.matchAll(/^ *(cors\..*)$/gm)].map(([, line = '']) =>
      fault === 'wildcard' && line.includes('addAllowedOrigin') && /in its place/.test(pasted)
        ? `cors.setAllowedOrigins(${list([ORIGIN, OTHER])});`
        : line.includes('setAllowedOrigins')
          ? line.replace('))', `, ${java(OTHER)}))`)
          : line,
    )
    const existing = fault === 'wildcard' || policy !== null
    const own = lines(
      'CorsFilter corsFilter() {',
      'var cors = new CorsConfiguration();',
      fault === 'wildcard' && 'cors.setAllowedOrigins(new java.util.ArrayList<>(List.of("*")));',
      policy !== null &&
        lines(
          `cors.setAllowedOrigins(new java.util.ArrayList<>(${list(policy.origins)}));`,
          `cors.setAllowedMethods(new java.util.ArrayList<>(${list(policy.methods)}));`,
          `cors.setAllowedHeaders(new java.util.ArrayList<>(${list(policy.headers)}));`,
          `cors.setExposedHeaders(${list(policy.exposed)});`,
          `cors.setAllowCredentials(${policy.credentials});`,
          `cors.setMaxAge(${policy.maxAge}L);`,
        ),
      ...additions,
      'var source = new UrlBasedCorsConfigurationSource();',
      'source.registerCorsConfiguration("/**", cors);',
      'return new CorsFilter(source);',
      '}',
    )
    const uses = existing || fix !== null
    const isFirst = !isMisplaced || fix !== null
    const cors = uses && 'filter(context, new Main().corsFilter());'
    compile(folder, SPRING, {
      'Parts.java': parts('javax.servlet'),
      'Main.java': lines(
        'import java.util.List;',
        'import javax.servlet.Filter;',
        'import org.apache.catalina.Context;',
        'import org.apache.catalina.connector.Connector;',
        'import org.apache.catalina.startup.Tomcat;',
        'import org.apache.tomcat.util.descriptor.web.*;',
        'import org.springframework.context.annotation.Bean;',
        'import org.springframework.web.cors.*;',
        'import org.springframework.web.filter.CorsFilter;',
        'public class Main {',
        existing ? own : pasted,
        '  static void filter(Context context, Filter filter) {',
        '    FilterDef definition = new FilterDef();',
        '    definition.setFilterName(filter.getClass().getName());',
        '    definition.setFilter(filter);',
        '    definition.setFilterClass(filter.getClass().getName());',
        '    context.addFilterDef(definition);',
        '    FilterMap map = new FilterMap();',
        '    map.setFilterName(filter.getClass().getName());',
        '    map.addURLPattern("/*");',
        '    context.addFilterMap(map);',
        '  }',
        '  public static void main(String[] args) throws Exception {',
        listening(port, folder),
        isDoubled(start) && 'filter(context, new Parts.Again());',
        isFirst && cors,
        fault === 'auth' && 'filter(context, new Parts.Auth());',
        'filter(context, new Parts.Fail());',
        !isFirst && cors,
        '    Tomcat.addServlet(context, "orders", new Parts.Orders());',
        '    context.addServletMappingDecoded("/", "orders");',
        '    tomcat.start();',
        '    tomcat.getServer().await();',
        '  }',
        '}',
      ),
    })
    return {
      command: find('java') as string,
      args: ['-cp', `${SPRING}:${folder}/webapp/WEB-INF/classes`, 'Main'],
    }
  },
}
