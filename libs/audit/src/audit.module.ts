import { Module } from '@nestjs/common';
import { ExceptionsController, RecordsController } from './audit.http.js';
import { ChangesController } from './changes.http.js';

@Module({ controllers: [RecordsController, ChangesController, ExceptionsController] })
export class AuditModule {}
