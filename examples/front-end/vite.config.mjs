// With VITE_API=/api the page asks its own origin, and the dev server asks the API: no browser asks for CORS then.
export default {
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '/api': {
        target: process.env.API ?? 'http://localhost:3000',
        rewrite: (path) => path.slice('/api'.length),
      },
    },
  },
}
