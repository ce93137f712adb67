/** Vite's dev server, which responds to preflights itself: before `server.proxy`, and before any plugin. */
import { corsPackage } from './express.js'
import { guide, options } from './in-app.js'
import { type RemedyNeeds, type ServerRemedies, text } from './remedy.js'

/** Where `server.cors` is left out, pages on this machine are allowed, and go on being so. */
function withDefaults(line: string): string {
  return line.startsWith('  origin: [')
    ? line.replace('...yourOrigins, ', '').replace('[', '[defaultAllowedOrigins, ')
    : line
}

function written(needs: RemedyNeeds): string[] {
  return options(needs, corsPackage).map(withDefaults)
}

export const vite: ServerRemedies = {
  titles: {
    policy:
      'Allow this request in server.cors: Vite responds to preflights itself, whatever the server behind server.proxy allows',
    duplicate:
      'Let only one layer add the headers: set server.cors to false, or remove them from the plugin or from server.headers',
  },
  snippet: (needs) =>
    needs.kind === 'duplicate'
      ? ''
      : text(
          "import { defaultAllowedOrigins, defineConfig } from 'vite'",
          '',
          ...guide(
            { ...needs, kind: 'policy', others: 'none' },
            {
              tool: 'server.cors of vite.config',
              mark: '//',
              place: '',
            },
          ),
          'export default defineConfig({',
          '  server: {',
          '    cors: {',
          ...written(needs).map((line) => `    ${line}`),
          '    },',
          '  },',
          '})',
        ),
}
