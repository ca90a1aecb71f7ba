/** A run that was killed leaves browsers behind; the next one ends them, and nothing else. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { endLeftovers, RUN } from './leftovers.mjs'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []

/** @param {Record<string, string>} mark */
function sleeper(mark) {
  const child = spawn('sleep', ['600'], { detached: true, env: { ...process.env, ...mark } })
  children.push(child)
  return child
}

async function overRun() {
  const run = spawn('true')
  await once(run, 'exit')
  return { TEST_RUN: String(run.pid) }
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

it('what this run and runs that are over have left is ended, and nobody else', async () => {
  const own = sleeper(RUN)
  const old = sleeper(await overRun())
  const alive = sleeper({})
  const another = sleeper({ TEST_RUN: String(alive.pid) })
  const stranger = sleeper({ TEST_RUN: '' })
  const ends = [once(own, 'exit'), once(old, 'exit')]
  endLeftovers()
  await Promise.all(ends)
  for (const child of [alive, another, stranger]) expect(child.signalCode).toBeNull()
})
