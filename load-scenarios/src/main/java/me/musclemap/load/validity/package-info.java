/** Whether a run's result may be used: the checks of a calibration, each with who spoilt it. */
@NullMarked
package me.musclemap.load.validity;

import org.jspecify.annotations.NullMarked;
