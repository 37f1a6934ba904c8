/** Who a user is: sign-up, login, tokens, passwords. */
@NullMarked
package me.musclemap.api.accounts;

import org.jspecify.annotations.NullMarked;
