import { Module } from '@nestjs/common';
import { DocumentsController } from './documents.http.js';

@Module({ controllers: [DocumentsController] })
export class DocumentsModule {}
