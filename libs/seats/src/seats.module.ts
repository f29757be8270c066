import { Module } from '@nestjs/common';
import { SeatsController } from './seats.http.js';

@Module({ controllers: [SeatsController] })
export class SeatsModule {}
