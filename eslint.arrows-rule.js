// The ESLint rule that holds every import against the table in eslint.arrows.js.
import { readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { ARROWS, ONLY_IN } from './eslint.arrows.js'

const ROOT = import.meta.dirname

/** @type {import('eslint').Rule.RuleModule} */
export const arrows = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(ROOT, context.filename).split(sep).join('/')
    /** @param {any} node an import, an export from, or a dynamic import */
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return
      const message = faultOf(file, source.value)
      if (message) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

/**
 * @param {string} file from the root of the repository
 * @param {string} specifier as the file imports it
 * @returns {string | undefined} why it may not
 */
export function faultOf(file, specifier) {
  const own = placeOf(file)
  if (own === undefined) return `${file} stands in no place of eslint.arrows.js.`
  const target = ownFile(file, specifier)
  if (target === undefined) return foreignFault(file, specifier)
  const test = isTest(file) && packageOf(file) === packageOf(target)
  if (test || holds(own, target) || ARROWS[own]?.some((place) => holds(place, target))) return
  return `${own} may not import ${placeOf(target) ?? target} (eslint.arrows.js).`
}

/**
 * @param {string} file
 * @param {string} specifier
 */
function foreignFault(file, specifier) {
  const name = Object.keys(ONLY_IN).find((one) => holds(one, specifier))
  const places = name === undefined ? undefined : ONLY_IN[name]
  if (places === undefined || isTest(file) || places.some((place) => holds(place, file))) return
  return `Only ${places.join(', ')} may import ${name} (eslint.arrows.js).`
}

/**
 * The file of this repository that is meant; undefined for a package of somebody else.
 * @param {string} file
 * @param {string} specifier
 */
function ownFile(file, specifier) {
  if (specifier.includes('node_modules/')) return undefined
  if (specifier.startsWith('.')) return fromRoot(resolve(ROOT, dirname(file), specifier))
  const [, name, path] = /^@huisclos\/([^/]+)\/(.+)$/.exec(specifier) ?? []
  if (name === undefined) return undefined
  const { exports } = JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8'))
  const folder = `${dirname(path)}/*`
  const exported = exports[`./${path}`] ?? exports[`./${folder}`]?.replace('*', basename(path))
  return fromRoot(join(ROOT, name, exported ?? path))
}

/** @param {string} path */
function fromRoot(path) {
  return relative(ROOT, path).split(sep).join('/')
}

/** @param {string} file */
function placeOf(file) {
  const places = Object.keys(ARROWS).filter((place) => holds(place, file))
  return places.sort((one, other) => other.length - one.length)[0]
}

/**
 * @param {string} place
 * @param {string} path
 */
function holds(place, path) {
  return path === place || path.startsWith(`${place}/`)
}

/** @param {string} file */
function isTest(file) {
  return /\.test\.ts$|^[a-z0-9-]+\/test\/|^web\/e2e\/|^bench\//.test(file)
}

/** @param {string} file */
function packageOf(file) {
  return file.split('/')[0]
}
