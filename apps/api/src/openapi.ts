// The OpenAPI 3.1 document of the API, and its page.
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

export function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Plenary')
    .setDescription('The record of what governing bodies said, decided and still owe. Errors are RFC 9457 problem documents; docs/errors.md lists every type.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addSecurity('token', { type: 'http', scheme: 'bearer', description: 'A token as `plenary token create` made it.' })
    .build();
  return SwaggerModule.createDocument(app, config);
}

export function serveDocs(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('api/docs', app, document, { jsonDocumentUrl: 'api/docs/openapi.json', yamlDocumentUrl: 'api/docs/openapi.yaml', customSiteTitle: 'Plenary API' });
}
