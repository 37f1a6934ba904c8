package me.musclemap.api.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** What users can choose to become: archetypes, their categories and levels, and the badges there are. Read by all, changed by nobody here. */
public final class Archetypes {
    private static final Duration LIFE = Duration.ofHours(1);

    private final Database database;
    private final RedisCache cache;

    /** The catalogue in {@code database}. */
    public Archetypes(Database database, RedisCache cache) {
        this.database = database;
        this.cache = cache;
    }

    /** Query.archetypes. */
    public Object all(Call call) {
        return all();
    }

    List<Map<String, @Nullable Object>> all() {
        return Cell.maps(
                cache.shared(
                        "archetypes",
                        "ref:archetypes",
                        LIFE,
                        () -> database.reading()
                                .rows(
                                        "archetype.all",
                                        "select id, name, description, philosophy, icon_url as \"icon\", null as \"color\", category_id as \"categoryId\", "
                                                + "focus_areas as \"primaryStats\", null as \"bonuses\" from identities order by length(id), id")));
    }

    /** Query.archetypeCategories: one statement for the categories and one for all that is in them. */
    public Object categories(Call call) {
        return cache.shared("archetypes", "ref:archetypes:categories", LIFE, () -> {
            var members = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
            all().forEach(archetype -> members.computeIfAbsent(
                            Cell.text(archetype.get("categoryId")), id -> new ArrayList<>())
                    .add(archetype));
            List<Map<String, @Nullable Object>> categories = database.reading()
                    .rows(
                            "archetype.categories",
                            "select id, name, description, icon, display_order as \"displayOrder\" from archetype_categories order by display_order");
            categories.forEach(category ->
                    category.put("archetypes", members.getOrDefault(Cell.text(category.get("id")), List.of())));
            return categories;
        });
    }

    /** The levels of all archetypes: archetype → its levels from the lowest, each with level, name and totalTu. */
    Map<?, ?> levels() {
        return (Map<?, ?>) cache.shared("archetypes", "ref:archetypes:levels", LIFE, () -> {
            var levels = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
            database.reading()
                    .rows(
                            "archetype.levels",
                            "select identity_id, level, name, total_tu as \"totalTu\" from identity_levels order by identity_id, level")
                    .forEach(
                            row -> levels.computeIfAbsent(Cell.text(row.remove("identity_id")), id -> new ArrayList<>())
                                    .add(row));
            return levels;
        });
    }

    /** Reads the badges that there are once, so that the first users do not wait for them. */
    public void warm() {
        definitions();
    }

    private List<Map<String, @Nullable Object>> definitions() {
        return Cell.maps(cache.shared(
                "achievements",
                "ref:achievements",
                LIFE,
                () -> database.reading()
                        .rows(
                                "achievement.definitions",
                                "select id, key, name, description, icon, category, points, rarity, 1 as \"tier\", points * 10 as \"creditsReward\", "
                                        + "points * 5 as \"xpReward\", false as \"requiresVerification\", description as \"unlockHint\" "
                                        + "from achievement_definitions where enabled order by category, points, id")));
    }

    /** Query.achievementDefinitions. */
    public Object achievements(Call call) {
        String category = call.text("category", "");
        List<Map<String, @Nullable Object>> all = definitions();
        return category.isEmpty()
                ? all
                : all.stream()
                        .filter(one -> category.equals(one.get("category")))
                        .toList();
    }
}
