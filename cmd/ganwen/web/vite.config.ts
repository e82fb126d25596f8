import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'

// One entry a face, so that a citizen's phone never loads the explorer. Nothing may be inlined as data: or <script>,
// because the pages are served under Content-Security-Policy: default-src 'self'.
export default defineConfig({
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'false' },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2020',
    rollupOptions: { input: { index: 'index.html', graph: 'graph.html' } },
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
})
