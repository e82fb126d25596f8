import { createApp } from 'vue'
import '../base/tokens.css'
import './guide.css'
import App from './App.vue'

// Keeps the page itself for the counter without a signal; needs https or localhost, and does without elsewhere.
if ('serviceWorker' in navigator && import.meta.env.PROD) navigator.serviceWorker.register('/sw.js').catch(() => {})

createApp(App).mount('#app')
