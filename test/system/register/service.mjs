// The same as an ES module.
import { answer } from './answers.cjs';

answer();
