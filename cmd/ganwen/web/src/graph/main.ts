import { createApp } from 'vue'
import '../base/tokens.css'
import App from './App.vue'

createApp(App).mount('#app')
