/** Would the rules have fired on what a run recorded, and how long before its users were hurt. */
@NullMarked
package me.musclemap.alerts.backtest;

import org.jspecify.annotations.NullMarked;
