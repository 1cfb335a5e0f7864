/**
 * What travels between Kordon's processes: the {@linkplain io.kordon.schemas.Topics topic catalogue}, the
 * {@linkplain io.kordon.schemas.EntityKey key scheme} and the {@linkplain io.kordon.schemas.AvroSerdes serdes}. The
 * records themselves are Avro, generated into {@code io.kordon.avro} from {@code src/main/avro}.
 */
@NullMarked
package io.kordon.schemas;

import org.jspecify.annotations.NullMarked;
