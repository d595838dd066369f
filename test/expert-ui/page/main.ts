import { mount } from 'svelte'
import App from '../../../expert-ui/App.svelte'
import { FakeSession } from '../fake-session.ts'

/** The shipped page around a session the test drives through `globalThis.fakeSession`. Built by tests only. */
mount(App, {
  target: document.body,
  props: {
    createSession: () => {
      const session = new FakeSession()
      Object.assign(globalThis, { fakeSession: session })
      return session
    },
  },
})
