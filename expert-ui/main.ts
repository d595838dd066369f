import { mount } from 'svelte'
import App from './App.svelte'
import { createExpertSession } from './session/create.ts'

mount(App, { target: document.body, props: { createSession: createExpertSession } })
