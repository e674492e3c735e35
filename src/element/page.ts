/** The element as it lies in a 3D photo's web page in one file. */
import './index.ts';
