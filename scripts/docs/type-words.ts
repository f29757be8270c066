// Says TypeScript types in plain words: what a reader of the record needs to know, not how the compiler writes it.
import ts from 'typescript';

/** Types that are better said than taken apart. */
const WORDS: Readonly<Record<string, string>> = {
  Uuid: 'id (UUID)',
  SealedText: 'text, in one language or several',
  SealedReference: 'sealed value',
  CivilDate: 'date',
  OffsetTime: 'time with its offset',
  UtcTime: 'time in UTC',
  Occurred: 'date, or time with its offset',
  StreamName: 'name of a stream',
  Revision: 'revision',
  RecordNumber: 'record number',
  JsonObject: 'JSON object',
};
/** Shared shapes whose name is not the one under which the catalogue explains them. */
const SHAPE_NAMES: Readonly<Record<string, string>> = { SealedReason: 'Reason', SealedEvidence: 'Evidence' };

export type Sealing = 'open' | 'sealed' | 'in part';

export interface Field {
  name: string;
  words: string;
  isOptional: boolean;
  sealing: Sealing;
  says: string;
}

export interface Shape {
  name: string;
  says: string;
  fields: Field[];
}

/** As every renderer of Markdown makes it of a heading. */
const anchorOf = (name: string): string => name.toLowerCase();

export class TypeWords {
  private readonly shapes = new Map<string, ts.Type>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** The fields of an object type, in the order of their declaration. */
  fieldsOf(type: ts.Type, leaveOut: ReadonlySet<string> = new Set()): Field[] {
    return this.checker
      .getPropertiesOfType(type)
      .filter(({ name }) => !leaveOut.has(name))
      .map((property) => this.field(property));
  }

  /** Shapes that were named so far, and those that they name, by name. */
  sharedShapes(): Shape[] {
    const described = new Map<string, Shape>();
    // Describing one may name further ones: the map grows while it is walked.
    for (const [name, type] of this.shapes)
      described.set(name, { name, says: docOf(this.checker, type.aliasSymbol ?? type.symbol), fields: this.shapeFields(type) });
    return [...described.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private shapeFields(type: ts.Type): Field[] {
    if (!type.isUnion()) return this.fieldsOf(type);
    return type.types
      .flatMap((each) => this.fieldsOf(each))
      .filter(({ name, words }, at, all) => all.findIndex((other) => other.name === name && other.words === words) === at);
  }

  private field(property: ts.Symbol): Field {
    const type = this.typeOf(property);
    return {
      name: property.name,
      words: this.words(type),
      isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      sealing: this.sealing(type),
      says: ts.displayPartsToString(property.getDocumentationComment(this.checker)),
    };
  }

  /** As declared: without the `undefined` of what is optional, and with its alias. */
  private typeOf(property: ts.Symbol): ts.Type {
    const declaration = property.valueDeclaration;
    const declared =
      declaration && ts.isPropertySignature(declaration) && declaration.type
        ? this.checker.getTypeFromTypeNode(declaration.type)
        : undefined;
    const isGiven = declared !== undefined && (declared.flags & ts.TypeFlags.TypeParameter) === 0;
    return this.resolved(isGiven ? declared : this.checker.getNonNullableType(this.checker.getTypeOfSymbol(property)));
  }

  /** A type parameter stands for what it is where nothing is said: the stored form. */
  private resolved(type: ts.Type): ts.Type {
    const parameter = (type.isIntersection() ? type.types : [type]).find(({ flags }) => (flags & ts.TypeFlags.TypeParameter) !== 0);
    return (parameter && this.checker.getDefaultFromTypeParameter(parameter)) ?? type;
  }

  private words(given: ts.Type): string {
    const type = this.resolved(given);
    const name = nameOf(type);
    if (name !== undefined && Object.hasOwn(WORDS, name)) return WORDS[name]!;
    if (type.isStringLiteral()) return `\`${type.value}\``;
    if (type.flags & ts.TypeFlags.BooleanLiteral) return `\`${this.checker.typeToString(type)}\``;
    if (type.flags & ts.TypeFlags.Boolean) return 'true or false';
    if (type.flags & ts.TypeFlags.Number) return 'whole number';
    if (type.flags & ts.TypeFlags.String) return 'code (ASCII)';
    if (type.flags & ts.TypeFlags.Null) return 'nothing';
    if (this.checker.isArrayType(type)) return this.listWords(type);
    if (type.isUnion()) return this.unionWords(type);
    // A brand on a text or a number says what it means by its name alone.
    if (type.isIntersection()) throw new Error(`say what ${name ?? 'this'} is: add it to WORDS`);
    return this.objectWords(type);
  }

  private listWords(type: ts.Type): string {
    const element = this.resolved(this.checker.getTypeArguments(type as ts.TypeReference)[0]!);
    // A text in several languages is a list too, whatever alias was lost on the way.
    if (element.symbol?.name === 'TextIn') return WORDS['SealedText']!;
    return `list of: ${this.words(element)}`;
  }

  private unionWords(type: ts.UnionType): string {
    const name = type.aliasSymbol?.name;
    if (name !== undefined && type.types.every((each) => (each.flags & ts.TypeFlags.Object) !== 0)) return this.named(name, type);
    return type.types
      .map((each) => this.words(each))
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
  }

  private objectWords(type: ts.Type): string {
    const name = type.aliasSymbol?.name ?? type.symbol.name;
    if (!name.startsWith('__')) return this.named(name, type);
    const fields = this.fieldsOf(type).map((field) => `${field.name}${field.isOptional ? ' (optional)' : ''}: ${field.words}`);
    return `{ ${fields.join('; ')} }`;
  }

  private named(name: string, type: ts.Type): string {
    const said = Object.hasOwn(SHAPE_NAMES, name) ? SHAPE_NAMES[name]! : name;
    this.shapes.set(said, type);
    return `[${said}](#${anchorOf(said)})`;
  }

  private sealing(type: ts.Type): Sealing {
    const [marks, others] = this.parts(type, new Set());
    return marks === 0 ? 'open' : others === 0 ? 'sealed' : 'in part';
  }

  /** How many sealed and how many open values a type holds; the tag of a language belongs to its text. */
  private parts(given: ts.Type, seen: Set<ts.Type>): [number, number] {
    const type = this.resolved(given);
    if (seen.has(type)) return [0, 0];
    seen.add(type);
    const name = nameOf(type);
    if (name === 'Sealed' || name === 'SealedText' || name === 'TextIn' || name === 'SealedReference') return [1, 0];
    const inner = this.checker.isArrayType(type)
      ? [...this.checker.getTypeArguments(type as ts.TypeReference)]
      : type.isUnion()
        ? type.types
        : type.flags & ts.TypeFlags.Object
          ? this.checker.getPropertiesOfType(type).map((property) => this.typeOf(property))
          : [];
    if (inner.length === 0) return [0, 1];
    return inner.map((each) => this.parts(each, seen)).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  }
}

const nameOf = (type: ts.Type): string | undefined => (type.aliasSymbol ?? type.symbol)?.name;

export const docOf = (checker: ts.TypeChecker, symbol: ts.Symbol): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker));
