import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ask, close, missing, open, shoot } from './harness.mjs'

const skip = missing
const talks = JSON.parse(readFileSync(new URL('./conversations.json', import.meta.url), 'utf8'))

for (const { name, say } of talks) {
  test(`conversation ${name}: every turn is answered, labelled, and fits the screen`, { skip }, async () => {
    const page = await open()
    for (const [i, words] of say.entries()) {
      const turn = await ask(page, words)
      assert.equal(await turn.locator('.failed').count(), 0, words)
      assert.ok((await turn.locator('.answer .text').first().innerText()).trim(), words)
      assert.ok(!/\[c\d+\]|undefined|null|NaN/.test(await turn.innerText()), words)
      assert.match(await turn.locator('.label').innerText(), /人工智能生成/)
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360)
      await shoot(page, `talk-${name}-${i + 1}`)
    }
    await shoot(page, `talk-${name}-all`, true)
    await close(page)
  })
}
