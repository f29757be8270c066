// Finds the events of all contexts in the sources: their types, streams and fields, as the compiler knows them.
import { globSync } from './glob.js';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { docOf, TypeWords, type Field, type Shape } from './type-words.js';

export interface EventDescription {
  type: string;
  /** The folder under libs. */
  context: string;
  category: string;
  says: string;
  fields: Field[];
}

export interface EventSources {
  events: EventDescription[];
  /** What any event's data may hold beside its own. */
  commons: Field[];
  /** What the metadata of every event holds. */
  metadata: Field[];
  shapes: Shape[];
}

/** @throws where an event belongs to no stream, or to two */
export function readEventTypes(root: string): EventSources {
  const files = globSync(root, /^libs\/[^/]+\/src\/.*\.ts$/).filter(
    (file) => !/\.spec\.ts$|\.contract\.ts$|\/testing\/|\.worker\.ts$/.test(file),
  );
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    compilerOptions(root),
  );
  const checker = program.getTypeChecker();
  const words = new TypeWords(checker);
  const sources = files.map((file) => program.getSourceFile(join(root, file))!);
  const commons = words.fieldsOf(interfaceNamed(checker, sources, 'EventCommons'));
  const leaveOut = new Set(commons.map(({ name }) => name));
  const streams = new Map(sources.flatMap((source) => decidersIn(checker, source)));
  const events = sources
    .filter(({ fileName }) => fileName.endsWith('.events.ts'))
    .flatMap((source) => eventsIn(checker, words, source, leaveOut, relative(root, source.fileName).split('/')[1]!, streams));
  const metadata = words.fieldsOf(interfaceNamed(checker, sources, 'Metadata'));
  return { events, commons, metadata, shapes: words.sharedShapes() };
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as { config: object };
  return { ...ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root).options, noEmit: true };
}

function interfaceNamed(checker: ts.TypeChecker, sources: readonly ts.SourceFile[], name: string): ts.Type {
  for (const source of sources) {
    for (const statement of source.statements)
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) return checker.getTypeAtLocation(statement);
  }
  throw new Error(`there is no interface ${name}`);
}

function eventsIn(
  checker: ts.TypeChecker,
  words: TypeWords,
  source: ts.SourceFile,
  leaveOut: ReadonlySet<string>,
  context: string,
  streams: ReadonlyMap<string, string>,
): EventDescription[] {
  return source.statements.flatMap((statement) => {
    if (
      !ts.isTypeAliasDeclaration(statement) ||
      !ts.isTypeReferenceNode(statement.type) ||
      statement.type.typeName.getText() !== 'DomainEvent'
    )
      return [];
    const [literal, data] = statement.type.typeArguments ?? [];
    const type = literal && (checker.getTypeFromTypeNode(literal) as ts.StringLiteralType).value;
    if (type === undefined) throw new Error(`${statement.name.text} has no type literal`);
    const category = streams.get(type);
    if (category === undefined) throw new Error(`no decider folds ${type}`);
    const fields = data ? words.fieldsOf(checker.getTypeFromTypeNode(data), leaveOut) : [];
    return [{ type, context, category, says: docOf(checker, checker.getSymbolAtLocation(statement.name)!), fields }];
  });
}

/** Event type → category, from what `Decider<State, Event>` a constant is declared to be. */
function decidersIn(checker: ts.TypeChecker, source: ts.SourceFile): [string, string][] {
  return source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations.flatMap(({ type, initializer }): [string, string][] => {
      if (
        !type ||
        !ts.isTypeReferenceNode(type) ||
        type.typeName.getText() !== 'Decider' ||
        !initializer ||
        !ts.isObjectLiteralExpression(initializer)
      )
        return [];
      const category = initializer.properties.find(
        (property): property is ts.PropertyAssignment => ts.isPropertyAssignment(property) && property.name.getText() === 'category',
      );
      const union = checker.getTypeFromTypeNode(type.typeArguments![1]!);
      return (union.isUnion() ? union.types : [union]).map((event) => {
        const property = checker.getPropertyOfType(event, 'type')!;
        return [(checker.getTypeOfSymbol(property) as ts.StringLiteralType).value, (category!.initializer as ts.StringLiteral).text];
      });
    }),
  );
}
