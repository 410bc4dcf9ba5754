CREATE TABLE `teams` (
    `id` INTEGER NOT NULL,
    `lead_id` INTEGER NOT NULL,
    CONSTRAINT `teams_pkey` PRIMARY KEY (`id`),
    INDEX `teams_lead_id_idx` (`lead_id`)
) ENGINE = InnoDB;
CREATE TABLE `people` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `nick` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    `street` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */,
    `city` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */,
    `team_id` INTEGER,
    CONSTRAINT `people_pkey` PRIMARY KEY (`id`),
    CONSTRAINT `people_nick_key` UNIQUE (`nick`),
    INDEX `people_team_id_idx` (`team_id`),
    CONSTRAINT `people_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`)
) ENGINE = InnoDB;
CREATE TABLE `distros` (
    `id` SMALLINT NOT NULL,
    `code` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    `series` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    CONSTRAINT `distros_pkey` PRIMARY KEY (`id`),
    CONSTRAINT `distros_code_series_key` UNIQUE (`code`, `series`),
    CONSTRAINT `distros_code_key` UNIQUE (`code`)
) ENGINE = InnoDB;
CREATE TABLE `labels` (
    `name` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    CONSTRAINT `labels_pkey` PRIMARY KEY (`name`)
) ENGINE = InnoDB;
CREATE TABLE `bugs` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `title` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    `created` DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
    `owner_id` INTEGER NOT NULL,
    `assignee_id` INTEGER,
    `duplicate_of` BIGINT,
    `distro_code` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */,
    `label` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */,
    `token` BINARY(16) NOT NULL DEFAULT (unhex(replace(uuid(), '-', ''))),
    CONSTRAINT `bugs_pkey` PRIMARY KEY (`id`),
    CONSTRAINT `bugs_owner_id_title_key` UNIQUE (`owner_id`, `title`),
    INDEX `bugs_assignee_id_idx` (`assignee_id`),
    INDEX `bugs_duplicate_of_idx` (`duplicate_of`),
    INDEX `bugs_distro_code_idx` (`distro_code`),
    INDEX `bugs_label_idx` (`label`),
    CONSTRAINT `bugs_owner_id_fkey` FOREIGN KEY (`owner_id`) REFERENCES `people` (`id`) ON DELETE RESTRICT,
    CONSTRAINT `bugs_assignee_id_fkey` FOREIGN KEY (`assignee_id`) REFERENCES `people` (`id`) ON DELETE SET NULL,
    CONSTRAINT `bugs_duplicate_of_fkey` FOREIGN KEY (`duplicate_of`) REFERENCES `bugs` (`id`),
    CONSTRAINT `bugs_distro_code_fkey` FOREIGN KEY (`distro_code`) REFERENCES `distros` (`code`),
    CONSTRAINT `bugs_label_fkey` FOREIGN KEY (`label`) REFERENCES `labels` (`name`)
) ENGINE = InnoDB;
CREATE TABLE `comments` (
    `bug_id` BIGINT NOT NULL,
    `nth` INTEGER NOT NULL,
    `body` LONGTEXT CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    `hash` VARBINARY(255) NOT NULL,
    CONSTRAINT `comments_pkey` PRIMARY KEY (`bug_id`, `nth`),
    CONSTRAINT `comments_bug_id_hash_key` UNIQUE (`bug_id`, `hash`),
    CONSTRAINT `comments_bug_id_fkey` FOREIGN KEY (`bug_id`) REFERENCES `bugs` (`id`) ON DELETE CASCADE
) ENGINE = InnoDB;
CREATE TABLE `votes` (
    `bug_id` BIGINT NOT NULL,
    `nth` INTEGER NOT NULL,
    `person_id` INTEGER NOT NULL,
    `up` BOOLEAN NOT NULL,
    CONSTRAINT `votes_pkey` PRIMARY KEY (`bug_id`, `nth`, `person_id`),
    INDEX `votes_person_id_idx` (`person_id`),
    CONSTRAINT `votes_person_id_fkey` FOREIGN KEY (`person_id`) REFERENCES `people` (`id`),
    CONSTRAINT `votes_bug_id_nth_fkey` FOREIGN KEY (`bug_id`, `nth`) REFERENCES `comments` (`bug_id`, `nth`)
) ENGINE = InnoDB;
CREATE TABLE `bug_labels` (
    `bug_id` BIGINT NOT NULL,
    `label` VARCHAR(255) CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin *//*!80017 COLLATE utf8mb4_0900_bin */ NOT NULL,
    CONSTRAINT `bug_labels_pkey` PRIMARY KEY (`bug_id`, `label`),
    INDEX `bug_labels_label_idx` (`label`),
    CONSTRAINT `bug_labels_bug_id_fkey` FOREIGN KEY (`bug_id`) REFERENCES `bugs` (`id`),
    CONSTRAINT `bug_labels_label_fkey` FOREIGN KEY (`label`) REFERENCES `labels` (`name`)
) ENGINE = InnoDB;
ALTER TABLE `teams` ADD CONSTRAINT `teams_lead_id_fkey` FOREIGN KEY (`lead_id`) REFERENCES `people` (`id`);
