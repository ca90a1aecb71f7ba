import { describe, expect, it } from 'vitest'
import { areasOf, matching } from './description.ts'

const account = {
  type: 'object',
  properties: { id: { type: 'string' }, role: { type: 'string', enum: ['user', 'organiser'] } },
  required: ['id'],
}
const document = {
  paths: {
    '/api/people/{id}': {
      get: {
        tags: ['people'],
        description: 'One person.',
        'x-roles': ['administrator'],
        'x-scope': 'people:read',
        parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
        responses: { 200: { content: { 'application/json': { schema: account } } } },
      },
    },
    '/api/keys': {
      get: {
        tags: ['server'],
        description: 'The keys.',
        'x-roles': ['nobody'],
        'x-scope': null,
        responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } },
      },
    },
  },
}

describe('the description of the interface as people read it', () => {
  it('groups routes by area, with what goes in and what comes back', () => {
    expect(areasOf(document)).toEqual([
      {
        name: 'people',
        routes: [
          {
            ...{ method: 'GET', path: '/api/people/{id}', about: 'One person.' },
            ...{ roles: ['administrator'], scope: 'people:read' },
            request: [{ name: 'id', type: 'string', required: true }],
            answer: [
              { name: 'id', type: 'string', required: true },
              { name: 'role', type: 'user | organiser', required: false },
            ],
          },
        ],
      },
      {
        name: 'server',
        routes: [
          {
            ...{ method: 'GET', path: '/api/keys', about: 'The keys.', roles: ['nobody'] },
            ...{ scope: null, request: [] },
            answer: [{ name: '', type: 'text/plain', required: true }],
          },
        ],
      },
    ])
  })

  it('names what is inside lists and objects', () => {
    const list = { type: 'object', properties: { rows: { type: 'array', items: account } } }
    const post = {
      tags: ['a'],
      requestBody: { content: { 'application/json': { schema: list } } },
    }
    const [area] = areasOf({ paths: { '/x': { post } } })
    expect(area?.routes[0]?.request.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'rows object[]',
      'rows[].id string',
      'rows[].role user | organiser',
    ])
  })

  it('finds routes by words of their path, sentence, scope and members, in any order', () => {
    const found = (search: string) =>
      matching(areasOf(document), search).flatMap(({ routes }) => routes.map(({ path }) => path))
    expect(found('')).toHaveLength(2)
    expect(found('PERSON role')).toEqual(['/api/people/{id}'])
    expect(found('people:read')).toEqual(['/api/people/{id}'])
    expect(found('nothing')).toEqual([])
  })
})
