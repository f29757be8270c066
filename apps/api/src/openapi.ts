// The OpenAPI 3.1 document of the API, and its page.
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Plenary')
    .setDescription(
      'The record of what governing bodies said, decided and still owe. Errors are RFC 9457 problem documents; docs/errors.md lists every type.',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addSecurity('token', { type: 'http', scheme: 'bearer', description: 'A token as `plenary token create` made it.' })
    .build();
  return declarePathParameters(SwaggerModule.createDocument(app, config));
}

type Operations = Record<string, { parameters?: unknown[] }>;

/** Nest declares a parameter only where its type is one that is there at run time, and ids have a type of their own. */
function declarePathParameters(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths as unknown as Record<string, Operations>)) {
    for (const operation of Object.values(operations)) {
      const others = (operation.parameters ?? []).filter((parameter) => (parameter as { in: string }).in !== 'path');
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
      operation.parameters = [...inPath, ...others];
    }
  }
  return document;
}

/** The document is made when it is first asked for: it would be a tenth of each start. */
export function serveDocs(app: INestApplication, version: string): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app, version), {
    jsonDocumentUrl: 'api/docs/openapi.json',
    yamlDocumentUrl: 'api/docs/openapi.yaml',
    customSiteTitle: 'Plenary API',
  });
}
