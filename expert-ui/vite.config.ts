import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/** The page runs under a Content-Security-Policy that allows nothing inline and nothing from elsewhere. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/expert-ui',
    emptyOutDir: true,
    // A data: URL in a style sheet would be a font or picture the policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
