import { isUnder } from "../is_under.ts";
import { repositoryPath } from "./repository_path.ts";

/** `private` and `protected` are gone at run time; `#private` stays. A constructor has no other way. */
export const privateKeyword: Deno.lint.Rule = {
  create(context) {
    const check = ({ range }: { range: Deno.lint.Range }) => {
      const [, word, name] = KEYWORD_THEN_NAME.exec(context.sourceCode.text.slice(...range)) ?? [];
      if (word === undefined || name === "constructor") return;
      context.report({ range, message: `"${word}" is gone at run time`, hint: "Use #name." });
    };
    return {
      PropertyDefinition: check,
      MethodDefinition: check,
      TSParameterProperty: check,
      TSAbstractPropertyDefinition: check,
      TSAbstractMethodDefinition: check,
    };
  },
};

const KEYWORD_THEN_NAME = /^(private|protected)\s+(\w+)/;

/** What is exported takes at most two positional parameters, none a boolean, then an options object. */
export const positionalParameters: Deno.lint.Rule = {
  create(context) {
    if (!/^(src|tools)\//.test(repositoryPath(context.filename))) return {};
    const check = (node: Deno.lint.Node, name: string, params: readonly Deno.lint.Parameter[]) => {
      const positional = params.filter((param, i) => i < 2 || !isOptions(param));
      if (positional.length > 2 || params.length > 3) {
        const message = `${name} takes more than two positional parameters`;
        context.report({ node, message, hint: "Take an options object as the third." });
      }
      if (positional.some(isBoolean)) {
        const message = `${name} takes a bare true or false`;
        context.report({ node, message, hint: "Nobody knows what it means at the call: name it." });
      }
    };
    return {
      "ExportNamedDeclaration > FunctionDeclaration"(node: Deno.lint.FunctionDeclaration) {
        check(node, `${node.id?.name}()`, node.params);
      },
      "ExportNamedDeclaration > ClassDeclaration"(node: Deno.lint.ClassDeclaration) {
        for (const member of node.body.body) {
          if (member.type !== "MethodDefinition" || isHidden(member, node)) continue;
          check(member, context.sourceCode.getText(member.key), member.value.params);
        }
      },
    };
  },
};

/** `!` says "I know better" and nothing checks it. The codec's inner loops may: their index is in range. */
export const nonNullAssertion: Deno.lint.Rule = {
  create(context) {
    if (isUnder(repositoryPath(context.filename), "src/codec/")) return {};
    return {
      TSNonNullExpression(node) {
        context.report({
          node,
          message: 'The "!" claims what nothing checks',
          hint: "Test for undefined, or write the code so that it cannot be. Only src/codec/ may.",
        });
      },
    };
  },
};

/** A file is named after the one thing it holds, in snake_case. */
export const fileName: Deno.lint.Rule = {
  create(context) {
    const path = repositoryPath(context.filename);
    const name = path.split("/").at(-1) ?? path;
    const says = NOTHING_SAID.find((word) => path.split(/[/.]/).includes(word));
    return {
      Program(node) {
        const range: Deno.lint.Range = [node.range[0], node.range[0]];
        if (says !== undefined) {
          context.report({
            range,
            message: `"${says}" says nothing about ${path}`,
            hint: "Name the file after the one thing it holds.",
          });
        }
        if (!/^[a-z0-9_]+(\.[a-z]+)+$/.test(name)) {
          context.report({ range, message: `${name} is not in snake_case`, hint: "Rename it." });
        }
      },
    };
  },
};

const NOTHING_SAID = ["utils", "util", "helpers", "helper", "common", "deps", "misc"];

function isOptions(param: Deno.lint.Parameter): boolean {
  const target = param.type === "AssignmentPattern" ? param.left : param;
  if (target.type === "ObjectPattern") return true;
  if (target.type !== "Identifier") return false;
  const type = typeOf(target);
  return target.name === "options" || type?.type === "TSTypeLiteral" ||
    type?.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
      type.typeName.name.endsWith("Options");
}

function isBoolean(param: Deno.lint.Parameter): boolean {
  if (param.type !== "AssignmentPattern") return typeOf(param)?.type === "TSBooleanKeyword";
  return typeOf(param.left)?.type === "TSBooleanKeyword" ||
    param.right.type === "Literal" && typeof param.right.value === "boolean";
}

function typeOf(target: Deno.lint.Parameter): Deno.lint.TypeNode | undefined {
  return target.type === "Identifier" ? target.typeAnnotation?.typeAnnotation : undefined;
}

/** What no caller writes: private members, setters, and constructors of errors, which pass on what they get. */
function isHidden(member: Deno.lint.MethodDefinition, owner: Deno.lint.ClassDeclaration): boolean {
  if (member.key.type === "PrivateIdentifier" || member.accessibility === "private") return true;
  if (member.kind === "set") return true;
  return member.kind === "constructor" && (owner.id?.name ?? "").endsWith("Error");
}
