import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const PACKAGES = ['e2ee-worker', 'sfu', 'tmms', 'web']

// A name in back quotes with a slash is a path, from the root or from a package's sources, with or without its ending.
const pathsOf = (text) =>
  [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, name]) => name)
    .filter((name) => /^[\w.*/-]+\/[\w.*/-]*$/.test(name))

function exists(path) {
  const bare = path.replace(/\/$/, '')
  const places = ['', ...PACKAGES.map((name) => `${name}/src/`)]
  const [first, ...rest] = bare.split('/')
  if (PACKAGES.includes(first ?? '')) places.push(`${first}/src/`)
  return places.some((place) => {
    const inside = PACKAGES.includes(first ?? '') && place !== '' ? rest.join('/') : bare
    return ['', '.ts', '.svelte', '.svelte.ts'].some((ending) => {
      const file = `${place}${inside}${ending}`
      return file.includes('*')
        ? globSync(file, { cwd: root }).length > 0
        : existsSync(join(root, file))
    })
  })
}

// Made at run time, below the data folder or by a build.
const MADE = /^(?:\.\/)?(?:data|web\/dist|node_modules)\b/

it.each(['ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'])(
  'every path that %s names exists',
  (page) => {
    const paths = pathsOf(readFileSync(join(root, page), 'utf8')).filter((path) => !MADE.test(path))
    expect(paths.filter((path) => !exists(path))).toEqual([])
  },
)

it('a path that is not there is found out', () => {
  expect(exists('sfu/src/nowhere.ts')).toBe(false)
  expect(exists('web/call/nowhere')).toBe(false)
})
