/** @typedef {import("./description.js").Part} Part */

/** @type {Record<string, string>} */
const formats = { uuid: "6fa459ea-ee8a-4ca4-894e-db77e160355e", "date-time": "2026-01-31T12:00:00.000Z" }

/**
 * An example of a value that a schema describes.
 * @param {Part} part A schema.
 * @param {import("./description.js").Description} description
 * @returns {unknown}
 */
export function example(part, description, depth = 0) {
  const schema = description.resolve(part)
  for (const value of [schema.example, schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]]) {
    if (value !== undefined) return value
  }
  const choice = (schema.oneOf ?? schema.anyOf)?.[0]
  if (choice) return example(choice, description, depth)
  switch ([schema.type].flat()[0]) {
    case "object": {
      if (depth > 4) return {}
      const properties = /** @type {Record<string, Part>} */ (schema.properties ?? {})
      return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, example(field, description, depth + 1)]))
    }
    case "array":
      return depth > 4 ? [] : [example(schema.items, description, depth + 1)]
    case "integer":
    case "number":
      return schema.minimum ?? 0
    case "boolean":
      return false
    case "string":
      return formats[schema.format] ?? ""
    default:
      return null
  }
}
