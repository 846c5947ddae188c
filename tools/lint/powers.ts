import { isUnder } from "../is_under.ts";
import { repositoryPath } from "./repository_path.ts";
import { POWERS } from "./rooms.ts";

/** Who may touch what of the runtime, in what is shipped. */
export const roomPowers: Deno.lint.Rule = {
  create(context) {
    const file = repositoryPath(context.filename);
    if (!isUnder(file, "src/") && file !== "mod.ts") return {};
    const refused = POWERS.filter(({ only, never }) =>
      only?.some((path) => isUnder(file, path)) === false ||
      never?.some((path) => isUnder(file, path))
    );
    const check = (node: Deno.lint.Node, name: string) => {
      const power = refused.find(({ names }) => names.includes(name));
      if (power === undefined) return;
      context.report({ node, message: `${file} may not touch ${name}`, hint: power.instead });
    };
    return {
      Identifier(node) {
        if (isReference(node)) check(node, node.name);
      },
      MemberExpression(node) {
        const { object, property, computed } = node;
        if (computed || object.type !== "Identifier" || property.type !== "Identifier") return;
        check(
          node,
          object.name === "globalThis" ? property.name : `${object.name}.${property.name}`,
        );
      },
    };
  },
};

/** Whether an identifier stands for a variable: a name behind a dot and the key of a property do not. */
function isReference(node: Deno.lint.Identifier): boolean {
  const parent: Deno.lint.Node = node.parent;
  switch (parent.type) {
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "TSImportType":
      return false;
    case "MemberExpression":
      return parent.computed || isSame(parent.object, node);
    case "TSQualifiedName":
      return isSame(parent.left, node);
    default:
      return !isKeyOf(parent, node);
  }
}

function isKeyOf(parent: Deno.lint.Node, node: Deno.lint.Identifier): boolean {
  const { key, computed } = parent as { key?: Deno.lint.Node; computed?: boolean };
  return key !== undefined && !computed && isSame(key, node);
}

function isSame(a: Deno.lint.Node, b: Deno.lint.Node): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1];
}
