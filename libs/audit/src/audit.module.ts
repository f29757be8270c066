import { Module } from '@nestjs/common';
import { ExceptionsController, RecordsController } from './audit.http.js';

@Module({ controllers: [RecordsController, ExceptionsController] })
export class AuditModule {}
